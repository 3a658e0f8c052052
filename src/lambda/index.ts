/** duo-udm/lambda: the functions of the deployment, in one bundle. */

export { handler, type LambdaContext, type LambdaResult } from "./collect.ts";
export {
  type MapBatchResponse,
  type MapResult,
  mapHandler,
  PagesRejected,
  PagesUnfinished,
} from "./map.ts";
