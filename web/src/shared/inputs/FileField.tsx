import { Box, Button, FileButton, Group, Input, Progress, TextInput, type InputWrapperProps } from "@mantine/core";
import { IconFile } from "@tabler/icons-react";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { inWords } from "@/shared/api/errors";
import { uploadFile } from "@/shared/api/upload";
import { bytes } from "@/shared/format/bytes";
import classes from "@/shared/inputs/FileField.module.css";
import { ARRIVING, fileIn } from "@/shared/inputs/values";
import { useDropTarget } from "@/shared/ui/useDropTarget";

interface Props {
  label: string;
  description: string | undefined;
  error: string | undefined;
  withAsterisk: boolean;
  /** A path, or what `fileIn` reads. */
  text: string;
  onChange: (text: string) => void;
}

/** A file for an execution: chosen or dropped here and sent to the Hub, or a path on the Runner's machine. */
export function FileField({ label, description, error, withAsterisk, text, onChange }: Props) {
  const [sending, setSending] = useState<{ file: File; share: number } | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const upload = useRef<AbortController | null>(null);
  useEffect(() => () => upload.current?.abort(), []);

  const take = async (file: File | null) => {
    if (file === null) return;
    upload.current?.abort();
    const own = new AbortController();
    upload.current = own;
    setRefusal(null);
    setSending({ file, share: 0 });
    onChange(ARRIVING);
    try {
      const onProgress = (share: number) => setSending({ file, share });
      onChange(JSON.stringify(await uploadFile(file, { onProgress, signal: own.signal })));
    } catch (problem) {
      if (upload.current !== own) return;
      onChange("");
      if (!own.signal.aborted) setRefusal(inWords(problem));
    }
    if (upload.current === own) setSending(null);
  };
  const change = (value: string) => {
    setRefusal(null);
    onChange(value);
  };
  const { over, target } = useDropTarget((files) => {
    if (files.length > 1) setRefusal(`This input takes one file. You dropped ${files.length}.`);
    else void take(files[0] ?? null);
  });
  const chosen = fileIn(text);
  const common = { label, description, withAsterisk, error: refusal ?? (chosen === null ? error : undefined) };
  const spacing = { mt: description ? 5 : 0, mb: common.error ? 5 : 0 };
  const choose = (words: string, size: string) => (
    <FileButton onChange={(file) => void take(file)}>
      {(props) => (
        <Button size={size} flex="none" variant="default" {...props} aria-label={`${words} for ${label}`}>
          {words}
        </Button>
      )}
    </FileButton>
  );
  if (sending !== null) {
    return (
      <Wrapper common={common} target={target} over={over}>
        <Box className={classes.chosen} {...spacing}>
          <span className={classes.name}>{sending.file.name}</span>
          <span className={classes.size}>{Math.floor(sending.share * 100)} %</span>
          <Button
            size="compact-sm"
            variant="subtle"
            aria-label={`Stop sending ${sending.file.name}`}
            onClick={() => upload.current?.abort()}
          >
            Stop
          </Button>
        </Box>
        <Progress value={sending.share * 100} size="xs" mt={4} aria-label={`Sending ${sending.file.name}`} />
      </Wrapper>
    );
  }
  if (chosen !== null) {
    return (
      <Wrapper common={common} target={target} over={over}>
        <Box className={classes.chosen} {...spacing}>
          <IconFile size={16} stroke={1.6} aria-hidden />
          <span className={classes.name} title={chosen.name}>
            {chosen.name}
          </span>
          <span className={classes.size}>{bytes(chosen.size)}</span>
          {choose("Choose another file", "compact-sm")}
          <Button size="compact-sm" variant="subtle" onClick={() => change("")}>
            Remove
          </Button>
        </Box>
      </Wrapper>
    );
  }
  return (
    <div {...target} className={classes.target} data-over={over || undefined}>
      <TextInput
        {...common}
        inputContainer={(input) => (
          <Group gap="xs" wrap="nowrap" {...spacing}>
            {input}
            {choose("Choose a file", "sm")}
          </Group>
        )}
        styles={{ wrapper: { flex: 1, margin: 0 } }}
        spellCheck={false}
        value={text === ARRIVING ? "" : text}
        onChange={(event) => change(event.currentTarget.value)}
      />
    </div>
  );
}

function Wrapper({
  common,
  target,
  over,
  children,
}: {
  common: InputWrapperProps;
  target: object;
  over: boolean;
  children: ReactNode;
}) {
  return (
    <div {...target} className={classes.target} data-over={over || undefined}>
      <Input.Wrapper {...common} labelElement="div">
        {children}
      </Input.Wrapper>
    </div>
  );
}
