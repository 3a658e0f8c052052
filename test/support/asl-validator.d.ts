/** The package comes without declarations. */
declare module "asl-validator" {
  function validate(definition: unknown): {
    readonly isValid: boolean;
    errorsText(separator?: string): string;
  };
  export = validate;
}
