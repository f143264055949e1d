/**
 * Lets `run` be called at once and then at most every `milliseconds`; calls in between become one at the end.
 * `cancel` forgets a call that is still to come.
 */
export function throttled(run: () => void, milliseconds: number): { call: () => void; cancel: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  const begin = () => {
    run();
    timer = setTimeout(() => {
      timer = undefined;
      if (again) {
        again = false;
        begin();
      }
    }, milliseconds);
  };
  return {
    call: () => {
      if (timer === undefined) begin();
      else again = true;
    },
    cancel: () => {
      clearTimeout(timer);
      timer = undefined;
      again = false;
    },
  };
}
