import { UnstyledButton } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { type ReactNode, useId } from "react";
import classes from "@/studio/form/Section.module.css";

/** A part of a form that can be closed. What is open stays open for the next step, and the next day. */
export function Section({
  name,
  title,
  note,
  open: begins = false,
  forced = false,
  children,
}: {
  /** By which it is remembered. */
  name: string;
  title: string;
  note?: ReactNode;
  open?: boolean;
  /** Shows its content whatever was chosen, for what somebody was led to. */
  forced?: boolean;
  children: ReactNode;
}) {
  const [chosen, setChosen] = useLocalStorage<boolean>({
    key: `exekra-studio-section-${name}`,
    defaultValue: begins,
    getInitialValueInEffect: false,
  });
  const open = chosen || forced;
  const content = useId();
  return (
    <section className={classes.section}>
      <h3 className={classes.heading}>
        <UnstyledButton
          className={classes.button}
          aria-expanded={open}
          aria-controls={content}
          onClick={() => setChosen(!open)}
        >
          {open ? <IconChevronDown size={14} aria-hidden /> : <IconChevronRight size={14} aria-hidden />}
          {title}
          {note !== undefined && <span className={classes.note}>{note}</span>}
        </UnstyledButton>
      </h3>
      <div id={content} hidden={!open} className={classes.content}>
        {open && children}
      </div>
    </section>
  );
}
