/**
 * What may import what. Each list has its floors from bottom to top: a folder imports from those before it only, and
 * folders on one floor do not meet. Nothing goes in circles.
 */
const WEB = [["generated"], ["shared"], ["features/*", "studio"], ["app"]];
const STUDIO = [
  ["model"],
  ["state"],
  ["running"],
  ["core"],
  ["called", "check", "expressions", "toolbox"],
  ["form"],
  ["variables"],
  ["properties", "problems", "debug", "run", "versions", "keeping"],
  ["canvas"],
  ["page"],
];

const TESTS = "\\.test\\.tsx?$";

/** For each folder: it imports from itself and the floors below only. `*` is one folder of many that do not meet. */
const floors = (building, list) =>
  list.flatMap((folders, floor) =>
    folders.map((folder) => {
      const below = list.slice(0, floor).flat();
      return {
        name: `floor-of-${building}${folder}`,
        severity: "error",
        from: { path: `^src/${building}${folder.replace("*", "([^/]+)")}/`, pathNot: TESTS },
        to: {
          path: `^src/${building}`,
          pathNot: [...below.map((name) => name.replace("*", "[^/]+")), folder.replace("*", "$1")].map(
            (name) => `^src/${building}${name}/`,
          ),
        },
      };
    }),
  );

/** A folder without a floor may not import anything. */
const noOthers = (building, list) => ({
  name: `floors-of-${building}all`,
  severity: "error",
  from: {
    path: `^src/${building}[^/]+/`,
    pathNot: list.flat().map((name) => `^src/${building}${name.replace("*", "[^/]+")}/`),
  },
  to: {},
});

module.exports = {
  forbidden: [
    {
      name: "no-circles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    ...floors("", WEB),
    ...floors("studio/", STUDIO),
    noOthers("", WEB),
    noOthers("studio/", STUDIO),
    {
      name: "the-model-is-pure",
      severity: "error",
      from: { path: "^src/studio/model/", pathNot: TESTS },
      to: { path: "^src/", pathNot: "^src/(studio/model|shared/flow|generated)/" },
    },
    {
      name: "the-model-needs-no-library",
      severity: "error",
      from: { path: "^src/studio/model/", pathNot: TESTS },
      to: { dependencyTypes: ["npm", "npm-dev", "core"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "default"] },
  },
};
