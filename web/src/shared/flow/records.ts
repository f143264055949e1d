/** Objects used as dictionaries. Their keys are names that people choose, and `constructor` is a name like any other. */
type Items<Value> = Readonly<Record<string, Value>>;

/** The value of that key, if the record itself has it. */
export function itemOf<Value>(record: Items<Value>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** The record without one key; the record itself where the key is not there. */
export function without<Value>(record: Items<Value>, key: string): Items<Value> {
  if (!Object.hasOwn(record, key)) return record;
  return Object.fromEntries(Object.entries(record).filter(([other]) => other !== key));
}

/** The record with its values mapped; the record itself where no value changes. */
export function mapRecord<Value>(record: Items<Value>, map: (value: Value, key: string) => Value): Items<Value> {
  let changed = false;
  const entries = Object.entries(record).map(([key, value]) => {
    const mapped = map(value, key);
    changed ||= mapped !== value;
    return [key, mapped] as const;
  });
  return changed ? Object.fromEntries(entries) : record;
}

/** The record with one key renamed, in its place; the record itself where the key is not there. */
export function moveKey<Record extends object>(record: Record, from: string, to: string): Record {
  if (!Object.hasOwn(record, from)) return record;
  return Object.fromEntries(Object.entries(record).map(([key, item]) => [key === from ? to : key, item])) as Record;
}
