import { Anchor, Button, Text, ThemeIcon } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Card } from "@/features/dashboard/Card";
import classes from "@/features/dashboard/dashboard.module.css";
import { DASHBOARD, type Dashboard } from "@/features/dashboard/queries";
import { api, dataOf } from "@/shared/api/client";
import { useMay } from "@/shared/session/session";

interface Step {
  title: string;
  text: string;
  to: "/workflows" | "/runners" | "/users";
  /** Whether it leads straight to making a workflow. */
  draws?: true;
  isDone: boolean;
}

/** What a new Hub needs, each ticked when it is done; gone when all are, or when it is hidden. */
export function FirstSteps({ figures }: { figures: Dashboard }) {
  const [hidden, setHidden] = useLocalStorage({ key: "exekra-first-steps-hidden", defaultValue: false });
  const mayDraw = useMay("DEVELOPER");
  const mayInvite = useMay("ADMIN");
  const { data: has } = useQuery({
    queryKey: [...DASHBOARD, "first-steps", mayInvite],
    queryFn: () => whatThereIs(mayInvite),
    enabled: !hidden,
  });
  if (hidden || has === undefined) return null;
  const { online, busy } = figures.runners;
  const steps: Step[] = [
    {
      title: "Draw a workflow, or import one",
      text: "A workflow describes what to do, step by step.",
      to: "/workflows",
      draws: true,
      isDone: has.workflow || !mayDraw,
    },
    {
      title: "Connect a Runner",
      text: "A Runner carries out workflows on one of your machines.",
      to: "/runners",
      isDone: online + busy > 0 || !mayInvite,
    },
    { title: "Run it", text: "Watch each step live, with its values.", to: "/workflows", isDone: has.execution },
    {
      title: "Invite people",
      text: "Give each person a role: operator, developer or administrator.",
      to: "/users",
      isDone: has.people || !mayInvite,
    },
  ];
  const open = steps.filter((step) => !step.isDone);
  if (open.length === 0) return null;
  return (
    <Card
      title="First steps"
      aside={
        <Button variant="subtle" color="gray" size="compact-xs" onClick={() => setHidden(true)}>
          Hide
        </Button>
      }
    >
      <ol className={classes.steps}>
        {steps.map((step) => (
          <StepItem key={step.title} step={step} isNext={step === open[0]} />
        ))}
      </ol>
    </Card>
  );
}

function StepItem({ step, isNext }: { step: Step; isNext: boolean }) {
  return (
    <li className={classes.step}>
      <ThemeIcon
        size={22}
        radius="xl"
        variant={step.isDone ? "filled" : "default"}
        color="teal.8"
        aria-label={step.isDone ? "done" : "to do"}
        role="img"
      >
        {step.isDone && <IconCheck size={14} />}
      </ThemeIcon>
      <div>
        <Anchor
          renderRoot={(props) =>
            step.draws ? (
              <Link to="/workflows" search={{ create: true }} {...props} />
            ) : (
              <Link to={step.to} {...props} />
            )
          }
          size="sm"
          fw={isNext ? 600 : step.isDone ? 400 : 500}
        >
          {step.title}
        </Anchor>
        <Text size="xs" c="var(--exekra-quiet)">
          {step.text}
        </Text>
      </div>
    </li>
  );
}

async function whatThereIs(mayInvite: boolean) {
  const one = { params: { query: { limit: 1 } } };
  const [workflows, executions, users] = await Promise.all([
    dataOf(api.GET("/api/workflows", one)),
    dataOf(api.GET("/api/executions", one)),
    mayInvite ? dataOf(api.GET("/api/users", { params: { query: { limit: 2 } } })) : null,
  ]);
  return {
    workflow: workflows.items.length > 0,
    execution: executions.items.length > 0,
    people: (users?.items.length ?? 0) > 1,
  };
}
