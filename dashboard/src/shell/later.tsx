// Parts of the page that a first visit does without: loaded when they are first shown, or when the page has nothing else to
// do, so that they are there when the venue is not.

import { type Component, ErrorBoundary, lazy, Suspense } from "solid-js";

/** By then a page that was just opened has drawn what it was opened for. */
const IDLE_MS = 3_000;

/** The part's code did not come. */
class NotLoaded extends Error {}

export function later<Props extends object>(
  load: () => Promise<{ default: Component<Props> }>,
): (props: Props) => ReturnType<Component> {
  const Part = lazy(() => load().catch((error: unknown) => Promise.reject(new NotLoaded(undefined, { cause: error }))));
  // A venue that cannot be reached is asked again when the part is shown.
  setTimeout(() => void Part.preload().catch(() => undefined), IDLE_MS);
  return (props) => (
    <ErrorBoundary
      fallback={(error: unknown) => (
        <p class="card panel-empty">
          {error instanceof NotLoaded
            ? "This part of the page could not be loaded: the server does not answer, or is another version by now."
            : `This part of the page failed: ${error instanceof Error ? error.message : String(error)}`}{" "}
          <button type="button" class="link" onClick={() => location.reload()}>
            Load the page anew
          </button>
        </p>
      )}
    >
      <Suspense>
        <Part {...(props as Parameters<typeof Part>[0])} />
      </Suspense>
    </ErrorBoundary>
  );
}
