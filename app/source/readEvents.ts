/** The server-sent events of an answer, in their order; what is no event is passed over. */
export async function* readEvents(response: Response): AsyncGenerator<{readonly event: string; readonly data: unknown}, void, undefined> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  try {
    for (;;) {
      const {value, done} = await reader.read();
      if (done) return;
      text += value;
      const events = text.split("\n\n");
      text = events.pop()!;
      for (const told of events) {
        const match = /^event: (\w+)\ndata: (.*)$/.exec(told);
        if (match) yield {event: match[1], data: JSON.parse(match[2])};
      }
    }
  } finally {
    await reader.cancel().catch(() => {}); // it may be gone already
  }
}
