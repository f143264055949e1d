import { Badge } from "@mantine/core";
import { useShownProblems } from "@/studio/state/editor";

/** How many problems there are, behind the title of their tab. */
export function ProblemsBadge() {
  const problems = useShownProblems();
  if (problems.length === 0) return null;
  const wrong = problems.some(({ severity }) => severity === "error");
  return (
    <Badge
      className="exekra-badge"
      size="xs"
      variant="light"
      color={wrong ? "red" : "yellow"}
      data-color={wrong ? "red" : "yellow"}
      radius="sm"
    >
      {problems.length}
    </Badge>
  );
}
