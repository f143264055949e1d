import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { Trigger } from "@/features/triggers/queries";
import { api, dataOf } from "@/shared/api/client";
import { useMay } from "@/shared/session/session";
import { confirmFirst } from "@/shared/ui/confirm";
import { CopyLine } from "@/shared/ui/CopyLine";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";

/** The address of a webhook, a ready command that calls it, and its secret. */
export function WebhookCall({ trigger }: { trigger: Trigger }) {
  const address = `${window.location.origin}/api/triggers/webhook/${trigger.id}`;
  const takesAll = typeof trigger.webhook?.body_input === "string";
  const body = JSON.stringify(takesAll ? { any: "data" } : trigger.inputs);
  const command = `curl -X POST ${address} -H 'Content-Type: application/json' -d '${body.replaceAll("'", "'\\''")}'`;
  const signed = trigger.webhook?.signed === true;
  const mayChange = useMay("DEVELOPER");
  return (
    <Stack gap="sm">
      <CopyLine label="Address" value={address} wrap />
      {signed ? (
        <Text size="sm">
          Calls must be signed: send the seconds since 1970 as <code>X-Exekra-Timestamp</code>, and the HMAC-SHA256 of
          that number, a dot and the body as <code>X-Exekra-Signature: sha256=…</code>.
        </Text>
      ) : (
        <>
          <CopyLine label="Call it from a terminal" value={command} wrap />
          <Alert variant="light" color="yellow">
            Whoever knows the address can call it. Let calls be signed if others could learn it.
          </Alert>
        </>
      )}
      {signed && mayChange && <Secret id={trigger.id} />}
    </Stack>
  );
}

function Secret({ id }: { id: string }) {
  const path = { trigger_id: id };
  const secret = useQuery({
    queryKey: ["triggers", id, "secret"],
    enabled: false,
    queryFn: ({ signal }) => dataOf(api.GET("/api/triggers/{trigger_id}/secret", { params: { path }, signal })),
  });
  const renew = useMutation({
    mutationFn: () => dataOf(api.POST("/api/triggers/{trigger_id}/secret", { params: { path } })),
    onSuccess: () => secret.refetch(),
  });
  const askToRenew = () =>
    confirmFirst({
      title: "Make a new secret?",
      text: "Calls that are signed with the old secret are refused from now on.",
      label: "Make a new secret",
      danger: true,
      action: () => renew.mutateAsync(),
    });
  return (
    <Stack gap="xs">
      {secret.isError && <ErrorPanel error={secret.error} />}
      {secret.data !== undefined && <CopyLine label="Secret" value={secret.data.secret} wrap />}
      <Group gap="xs">
        <Button variant="default" size="xs" loading={secret.isFetching} onClick={() => void secret.refetch()}>
          Show the secret
        </Button>
        <Button variant="default" size="xs" onClick={askToRenew}>
          New secret…
        </Button>
      </Group>
    </Stack>
  );
}
