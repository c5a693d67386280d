// A field of the ticket in which something is typed.

import type { Draft } from "../../shell/draft";
import { Field } from "../field";

/** What the ticket's parts share: what is typed, how it is changed, and what the venue says of it. */
export interface Form {
  draft(): Draft;
  fill(change: Partial<Draft>): void;
  /** The first fault of these fields, as the venue calls them. */
  faultOf(...fields: string[]): string | undefined;
}

type Typed = { [Name in keyof Draft]: Draft[Name] extends string ? Name : never }[keyof Draft];

export interface TextProps extends Form {
  readonly field: Typed;
  readonly label: string;
  /** As the venue calls it. */
  readonly faults: readonly string[];
  readonly capitals?: boolean;
  readonly numeric?: boolean;
  ref?(input: HTMLInputElement): void;
}

export function Text(props: TextProps) {
  return (
    <Field label={props.label} fault={props.faultOf(...props.faults)}>
      {(field) => (
        <input
          {...field}
          class="field mono"
          name={NAMES[props.field] ?? props.field}
          inputmode={props.numeric === true ? "decimal" : undefined}
          autocomplete="off"
          autocapitalize={props.capitals === true ? "characters" : undefined}
          spellcheck={false}
          ref={(input) => props.ref?.(input)}
          value={props.draft()[props.field]}
          onInput={(event) => props.fill({ [props.field]: event.currentTarget.value })}
        />
      )}
    </Field>
  );
}

const NAMES: Partial<Record<Typed, string>> = { clientOrderId: "client-order-id", idempotencyKey: "idempotency-key" };

/** One of a few words. */
export function Choice(
  props: Form & {
    readonly field: Typed;
    readonly label: string;
    readonly faults: readonly string[];
    readonly of: readonly (readonly [value: string, word: string])[];
  },
) {
  return (
    <Field label={props.label} fault={props.faultOf(...props.faults)}>
      {(field) => (
        <select
          {...field}
          class="field"
          name={props.field}
          value={props.draft()[props.field]}
          onChange={(event) => props.fill({ [props.field]: event.currentTarget.value })}
        >
          {props.of.map(([value, word]) => (
            <option value={value} selected={value === props.draft()[props.field]}>
              {word}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
