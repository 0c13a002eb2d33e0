/** What an element is made of: text stays text. */
export type Child = Node | string | null;

/** Properties of an element, by the names of its attributes; false and null leave one out. */
type Attributes = Readonly<Record<string, string | number | boolean | null>>;

/** Makes an element. Text is never taken for HTML. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) made.setAttribute(key, value === true ? '' : String(value));
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** A number with separators: `15,078`. */
export const numberText = (value: number): string => value.toLocaleString('en-US');
