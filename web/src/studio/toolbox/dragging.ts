/** The kind of data under which a step that is dragged from the toolbox tells its activity. */
export const ACTIVITY_TYPE = "application/x-exekra-activity";

let dragged: string | null = null;

/** Remember what is dragged: a browser hides the data itself until it is dropped. */
export function announceDrag(activity: string | null): void {
  dragged = activity;
}

/** The activity that is being dragged from the toolbox of this page. */
export function draggedActivity(): string | null {
  return dragged;
}
