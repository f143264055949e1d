import { UnstyledButton } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { type ReactNode, useId, useState } from "react";
import classes from "@/studio/form/Section.module.css";

/** A part of a form that can be closed. What is open stays open for the next step, and the next day, if it has a name. */
export function Section({ name, ...props }: SectionProps & { name?: string }) {
  return name === undefined ? <ForgetfulSection {...props} /> : <KeptSection name={name} {...props} />;
}

interface SectionProps {
  title: string;
  note?: ReactNode;
  open?: boolean;
  /** Shows its content whatever was chosen, for what somebody was led to. */
  forced?: boolean;
  children: ReactNode;
}

function KeptSection({ name, open = false, ...props }: SectionProps & { name: string }) {
  const [chosen, setChosen] = useLocalStorage<boolean>({
    key: `exekra-studio-section-${name}`,
    defaultValue: open,
    getInitialValueInEffect: false,
  });
  return <OpenSection {...props} chosen={chosen} onChoose={setChosen} />;
}

function ForgetfulSection({ open = false, ...props }: SectionProps) {
  const [chosen, setChosen] = useState(open);
  return <OpenSection {...props} chosen={chosen} onChoose={setChosen} />;
}

type OpenProps = Omit<SectionProps, "open"> & { chosen: boolean; onChoose: (open: boolean) => void };

function OpenSection({ title, note, forced = false, chosen, onChoose, children }: OpenProps) {
  const open = chosen || forced;
  const content = useId();
  return (
    <section className={classes.section}>
      <h3 className={classes.heading}>
        <UnstyledButton
          className={classes.button}
          aria-expanded={open}
          aria-controls={content}
          onClick={() => onChoose(!open)}
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
