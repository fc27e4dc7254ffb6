// The line to the server: one stream of news for all tabs of a browser, documents on demand, and what to do when it ends.
const LONGEST_MS = 8000;

export class Gone extends Error {}
export class Locked extends Error {}

/** A document of the server; raises Gone where it does not answer, Locked where it does not know this page. */
export async function document_(address) {
  let answer;
  try {
    answer = await fetch(address, { cache: "no-store" });
  } catch {
    throw new Gone();
  }
  if (answer.status === 401 || answer.status === 403) throw new Locked();
  if (answer.status >= 500) throw new Gone();
  return answer.ok ? answer.json() : null;
}

/** Ask for something to be done; gives the answer's sentence and whether it was done. */
export async function act(name, body, token) {
  try {
    const answer = await fetch(`/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-storyreel": token },
      body: JSON.stringify(body),
    });
    return await answer.json();
  } catch {
    return { is_done: false, words: "The server did not answer." };
  }
}

/** Call `changed` for every new state, `status` with "online", "offline" or "locked".
 *
 * A browser has six connections for all tabs of an address, so one tab holds the stream and tells the others.
 */
export function follow(changed, status) {
  const others = "BroadcastChannel" in window ? new BroadcastChannel("storyreel") : null;
  let wait = 500;

  const tell = (news) => {
    heard(news);
    others?.postMessage(news);
  };
  const heard = (news) => {
    if (news === "changed") changed();
    else status(news);
  };
  if (others) others.onmessage = (event) => heard(event.data);

  const listen = () => {
    const source = new EventSource("/events");
    source.onmessage = () => {
      wait = 500;
      tell("changed");
    };
    source.onerror = () => {
      source.close();
      retry();
    };
  };
  const retry = async () => {
    try {
      await document_("/state");
      tell("online");
      listen();
    } catch (problem) {
      tell(problem instanceof Locked ? "locked" : "offline");
      if (problem instanceof Locked) return;
      setTimeout(retry, wait);
      wait = Math.min(LONGEST_MS, wait * 2);
    }
  };
  // The lock is kept as long as this tab lives; the next one then takes over.
  if (navigator.locks && others) navigator.locks.request("storyreel-news", () => new Promise(() => listen()));
  else listen();
}
