import { hubAway, refusalOf, sessionExpired } from "@/shared/api/client";

/** A file that the Hub has, as the value of an input: the workflow gets its path. */
export interface FileReference {
  $file: string;
  name: string;
  size: number;
}

/** Whether a value stands for a file. */
export function isFileReference(value: unknown): value is FileReference {
  if (typeof value !== "object" || value === null) return false;
  const { $file, name, size } = value as Partial<FileReference>;
  return typeof $file === "string" && typeof name === "string" && typeof size === "number";
}

/** Brings a file to the Hub, which keeps it for a day or for as long as an execution has it. Throws what it refuses. */
export function uploadFile(
  file: File,
  { onProgress, signal }: { onProgress: (share: number) => void; signal: AbortSignal },
): Promise<FileReference> {
  return new Promise((resolve, reject) => {
    // Not fetch: it does not say how much of a body has been sent.
    const request = new XMLHttpRequest();
    request.open("POST", `/api/files?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total);
    request.onabort = () => reject(new DOMException("The upload was cancelled.", "AbortError"));
    request.onerror = () => reject(hubAway());
    request.onload = () => {
      if (request.status === 201) {
        resolve(JSON.parse(request.responseText) as FileReference);
        return;
      }
      if (request.status === 401) sessionExpired();
      void refusalOf(new Response(request.responseText, { status: request.status })).then(reject);
    };
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}
