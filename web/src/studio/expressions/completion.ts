/** What the editor offers while somebody types, best first. */
import type { Json, JsonObject } from "@/shared/flow/document";
import type { LanguageFunction, NameInReach } from "@/studio/expressions/names";
import { expressionAt, fieldsOf, typingAt, valueAt } from "@/studio/expressions/reading";
import { shortValue } from "@/studio/expressions/shortValue";

export type OfferKind = "input" | "variable" | "result" | "loop-item" | "error" | "field" | "function" | "word";

/** One thing that can be typed here. */
export interface Offer {
  label: string;
  kind: OfferKind;
  /** Its type, in the language's words. */
  type: string;
  description: string;
  /** What is written; `back` is how many characters the cursor then goes back. */
  insert: string;
  back: number;
  /** Higher is offered first among equally good matches, from -99 to 99. */
  boost: number;
  /** Whether the dot before it goes, as for `row["Order number"]`. */
  replacesDot: boolean;
}

export interface Offers {
  /** Where the word that they replace begins in the text. */
  from: number;
  offers: Offer[];
}

export interface CompletionSource {
  names: readonly NameInReach[];
  functions: readonly LanguageFunction[];
  scope: JsonObject | null;
  /** The type that the value should have, in the language's words, where only one will do. */
  wanted?: string | undefined;
}

const WORDS = ["and", "or", "not", "in", "if", "else", "for", "true", "false", "null"];
const IDENTIFIER = /^[\p{ID_Start}_]\p{ID_Continue}*$/u;
const BOOST: Record<NameInReach["kind"], number> = {
  "loop-item": 60,
  error: 55,
  variable: 50,
  result: 45,
  input: 40,
};

/**
 * What can be typed at a position of a template, or of a text in which `at` finds expressions otherwise; null where
 * nothing is to be offered. In plain text only when it was asked for (`explicit`): names then come with their braces.
 */
export function offersAt(
  text: string,
  position: number,
  source: CompletionSource,
  explicit: boolean,
  at = expressionAt,
): Offers | null {
  const inside = at(text, position);
  if (inside === null) {
    if (!explicit) return null;
    const word = /[\p{ID_Start}_]\p{ID_Continue}*$/u.exec(text.slice(0, position))?.[0] ?? "";
    return { from: position - word.length, offers: nameOffers(source).map(inBraces) };
  }
  const typing = typingAt(inside.source, inside.position);
  if (typing === null) return null;
  const from = position - inside.position + typing.from;
  if (typing.path === "unclear") return null;
  if (typing.path !== null) {
    const fields = fieldsOf(typing.path, inside.source, source.names, source.scope);
    return fields.length === 0 ? null : { from, offers: fields.map(fieldOffer) };
  }
  if (typing.word === "" && !explicit && inside.position > 0) return null;
  return { from, offers: [...nameOffers(source), ...source.functions.map(functionOffer), ...WORDS.map(wordOffer)] };
}

/** The names in reach. What has the wanted type comes first, the results of a step by their path. */
function nameOffers({ names, scope, wanted }: CompletionSource): NameOffer[] {
  return names.flatMap((known) => {
    const { name, kind, type, description, certain } = known;
    const example = scope === null ? undefined : valueAt(scope, [name]);
    const doubt = certain ? "" : "\nIt may have no value here.";
    const told = description + doubt + lastValue(example);
    const fields = fieldsOf([name], "", names, scope);
    const boost = BOOST[kind] - (certain ? 0 : 10);
    const made = {
      ...offer(name, kind, type, told),
      boost: boost + (type === wanted ? 30 : 0),
      goesOn: fields.length > 0,
    };
    const inside = fields.filter(
      (field) => wanted !== undefined && field.type === wanted && IDENTIFIER.test(field.name),
    );
    const paths = inside.map((field) => ({
      ...offer(`${name}.${field.name}`, kind, field.type, field.description + doubt + lastValue(field.example)),
      boost: boost + 30,
      goesOn: false,
    }));
    return [...paths, made];
  });
}

/** `goesOn`: it has fields, of which one is rather meant than the whole. */
type NameOffer = Offer & { goesOn: boolean };

function fieldOffer(field: { name: string; type: string; description: string; example?: Json }, index: number): Offer {
  const { name, type, description, example } = field;
  const made = { ...offer(name, "field", type, description + lastValue(example)), boost: Math.max(60 - index, 0) };
  return IDENTIFIER.test(name) ? made : { ...made, insert: `[${JSON.stringify(name)}]`, replacesDot: true };
}

function functionOffer({ name, signature, summary, examples, returns }: LanguageFunction): Offer {
  const told = [signature, summary, ...examples.slice(0, 2)].join("\n");
  const takesNothing = signature.includes("()");
  return { ...offer(name, "function", returns, told), insert: `${name}()`, back: takesNothing ? 0 : 1, boost: 0 };
}

function wordOffer(word: string): Offer {
  return { ...offer(word, "word", "", ""), boost: -40 };
}

function offer(label: string, kind: OfferKind, type: string, description: string): Offer {
  return { label, kind, type, description, insert: label, back: 0, boost: 0, replacesDot: false };
}

/** With its braces; the cursor stays inside where a dot and a field may follow. */
function inBraces({ goesOn, ...made }: NameOffer): Offer {
  return { ...made, insert: `{${made.insert}}`, back: goesOn ? 1 : 0 };
}

function lastValue(example: Json | undefined): string {
  return example === undefined ? "" : `\nLast run: ${shortValue(example, 80)}`;
}
