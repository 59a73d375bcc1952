// The house's rules as far as a linter can hold them: length, types, hooks, no way around the page's policy.
// Never about formatting.

import hooks from "eslint-plugin-react-hooks";
import typescript from "typescript-eslint";

export default typescript.config(
  { ignores: ["node_modules", "src/api/schema.ts"] },
  ...typescript.configs.strictTypeChecked,
  hooks.configs.flat["recommended-latest"],
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "max-lines": ["error", 800],
      "max-lines-per-function": ["error", { max: 70, skipBlankLines: true, skipComments: true }],
      "no-warning-comments": "error",
      "no-console": "error",
      eqeqeq: "error",
      // Whatever steps write is shown as text; nothing of it is ever read as HTML in the page's own origin.
      "no-restricted-syntax": [
        "error",
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: "show text, or a sandboxed frame" },
        { selector: "AssignmentExpression[left.property.name=/^(inner|outer)HTML$/]", message: "build elements" },
        { selector: "CallExpression[callee.property.name='insertAdjacentHTML']", message: "build elements" },
      ],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
);
