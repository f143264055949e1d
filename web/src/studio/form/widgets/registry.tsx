import type { WidgetName } from "@/studio/form/widgetNames";
import { AnyWidget } from "@/studio/form/widgets/AnyWidget";
import { ChoiceWidget } from "@/studio/form/widgets/ChoiceWidget";
import { CodeWidget } from "@/studio/form/widgets/CodeWidget";
import { ColumnWidget } from "@/studio/form/widgets/ColumnWidget";
import { CredentialWidget } from "@/studio/form/widgets/CredentialWidget";
import { DateWidget } from "@/studio/form/widgets/DateWidget";
import { ListWidget } from "@/studio/form/widgets/ListWidget";
import { NumberWidget } from "@/studio/form/widgets/NumberWidget";
import { ObjectWidget } from "@/studio/form/widgets/ObjectWidget";
import { SecondsWidget, SwitchWidget } from "@/studio/form/widgets/PlainWidgets";
import { TableWidget } from "@/studio/form/widgets/TableWidget";
import { FileWidget, FolderWidget, MultilineWidget, TextWidget } from "@/studio/form/widgets/TextWidgets";
import type { Widget } from "@/studio/form/widgets/widget";
import { WorkflowVersionWidget } from "@/studio/form/widgets/WorkflowVersionWidget";
import { WorkflowWidget } from "@/studio/form/widgets/WorkflowWidget";

/** The component for each way of filling an input in. */
export const WIDGETS: Record<WidgetName, Widget> = {
  text: TextWidget,
  multiline: MultilineWidget,
  number: NumberWidget,
  switch: SwitchWidget,
  choice: ChoiceWidget,
  seconds: SecondsWidget,
  column: ColumnWidget,
  file: FileWidget,
  folder: FolderWidget,
  code: CodeWidget,
  credential: CredentialWidget,
  table: TableWidget,
  list: ListWidget,
  object: ObjectWidget,
  any: AnyWidget,
  selector: TextWidget,
  date: DateWidget,
  workflow: WorkflowWidget,
  workflow_version: WorkflowVersionWidget,
};
