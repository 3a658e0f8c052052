/** duo-udm/lambda: the functions of the deployment, in one bundle. */

export { handler, type LambdaContext, type LambdaResult } from "./handler.ts";
export {
  type MapBatchResponse,
  type MapResult,
  mapHandler,
  PagesRejected,
  PagesUnfinished,
} from "./map-handler.ts";
