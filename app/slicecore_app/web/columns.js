// The columns of the table that is open, as app/components/filterbar describes them; fetched once.

import { apiUrl } from "./dom.js";

const KEPT = 4;
const described = new Map(); // token -> promise of [{name, origin, unit, operators, values}]

export function columnsOf(token) {
  if (!described.has(token)) {
    const answer = fetch(apiUrl(`published/${token}`)).then((response) => {
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      return response.json();
    });
    answer.catch(() => described.delete(token));
    described.set(token, answer);
    if (described.size > KEPT) described.delete(described.keys().next().value);
  }
  return described.get(token);
}
