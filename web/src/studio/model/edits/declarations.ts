import type { Edit } from "@/studio/model/edit";
import type { Flow, Output, Parameter, Variable } from "@/shared/flow/document";
import { itemOf, without } from "@/shared/flow/records";

/** Declare a variable, or change its declaration. */
export function setVariable(name: string, variable: Variable): Edit {
  return declare("Change variable", "variables", name, variable);
}

export function removeVariable(name: string): Edit {
  return remove("Delete variable", "variables", name);
}

/** Declare an input of the flow, or change its declaration. */
export function setFlowInput(name: string, parameter: Parameter): Edit {
  return declare("Change input", "inputs", name, parameter);
}

export function removeFlowInput(name: string): Edit {
  return remove("Delete input", "inputs", name);
}

/** Declare an output of the flow, or change its declaration. */
export function setFlowOutput(name: string, output: Output): Edit {
  return declare("Change output", "outputs", name, output);
}

export function removeFlowOutput(name: string): Edit {
  return remove("Delete output", "outputs", name);
}

/** Change the flow's name or description. */
export function setFlowProperties(properties: { readonly name?: string; readonly description?: string }): Edit {
  return {
    label: "Change properties",
    merge: `properties:${Object.keys(properties).join()}`,
    apply: (flow) => {
      const after = { ...flow, ...properties };
      return after.name === flow.name && after.description === flow.description ? flow : after;
    },
  };
}

/** Silence a warning of the check: at one step, or everywhere where `node` is null. Or hear it again. */
export function silence(code: string, node: string | null, silent = true): Edit {
  const changed = (codes: readonly string[] = []) => [
    ...codes.filter((other) => other !== code),
    ...(silent ? [code] : []),
  ];
  return {
    label: silent ? "Silence warning" : "Show warning again",
    apply: (flow) => {
      const before = flow.layout.analyser ?? {};
      const analyser =
        node === null
          ? { ...before, ignore: changed(before.ignore) }
          : { ...before, nodes: { ...before.nodes, [node]: changed(itemOf(before.nodes ?? {}, node)) } };
      return { ...flow, layout: { ...flow.layout, analyser } };
    },
  };
}

type Section = "variables" | "inputs" | "outputs";

function declare(label: string, section: Section, name: string, item: Parameter | Output | Variable): Edit {
  return {
    label,
    merge: `declare:${section}:${name}`,
    apply: (flow): Flow =>
      itemOf<object>(flow[section], name) === item ? flow : { ...flow, [section]: { ...flow[section], [name]: item } },
  };
}

function remove(label: string, section: Section, name: string): Edit {
  return {
    label,
    apply: (flow): Flow => {
      if (!Object.hasOwn(flow[section], name)) return flow;
      return { ...flow, [section]: without<object>(flow[section], name) };
    },
  };
}
