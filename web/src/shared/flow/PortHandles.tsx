import { Handle, Position as Side } from "@xyflow/react";
import { memo, use } from "react";
import { CanvasActionsContext } from "@/shared/flow/canvasContext";
import { ERROR } from "@/shared/flow/document";
import classes from "@/shared/flow/PortHandles.module.css";
import { CARD, portLabel, type PortPlace } from "@/shared/flow/geometry";

/** The places of a node where ways begin and end, with the names of its exits where it has several. */
export const PortHandles = memo(function PortHandles({
  id,
  ports,
  used,
  width,
}: {
  id: string;
  ports: readonly PortPlace[];
  used: readonly string[];
  width: number;
}) {
  const actions = use(CanvasActionsContext);
  const editable = actions !== null;
  const fails = used.includes(ERROR);
  return (
    <>
      <Handle
        type="target"
        id="in"
        position={Side.Top}
        className={classes.handle}
        data-quiet
        isConnectableStart={false}
        isConnectable={editable}
        style={{ left: width / 2, top: 0 }}
      />
      {ports.map((place) => (
        <Port key={place.port} id={id} place={place} used={used.includes(place.port)} labelled={ports.length > 1} />
      ))}
      {(editable || fails) && (
        <Handle
          type="source"
          id={ERROR}
          position={Side.Right}
          className={classes.handle}
          data-error
          data-quiet={fails ? undefined : true}
          isConnectable={editable}
          isConnectableEnd={false}
          title="Where to continue when this step fails"
          style={{ left: width, top: CARD.height / 2 }}
          onClick={() => actions?.addAfter(id, ERROR)}
        />
      )}
      {fails && (
        <span className={classes.port} data-error style={{ left: width, top: CARD.height / 2 - 12 }}>
          {portLabel(ERROR)}
        </span>
      )}
    </>
  );
});

function Port({ id, place, used, labelled }: { id: string; place: PortPlace; used: boolean; labelled: boolean }) {
  const actions = use(CanvasActionsContext);
  const label = portLabel(place.port);
  return (
    <>
      <Handle
        type="source"
        id={place.port}
        position={Side.Bottom}
        className={classes.handle}
        data-free={used ? undefined : true}
        isConnectable={actions !== null}
        isConnectableEnd={false}
        title={actions === null ? label : `${label}: drag to a step, or click to add one`}
        style={{ left: place.x, top: place.y, bottom: "auto" }}
        onClick={() => actions?.addAfter(id, place.port)}
      />
      {labelled && (
        <span className={classes.port} style={{ left: place.x, top: place.y }}>
          {label}
        </span>
      )}
    </>
  );
}
