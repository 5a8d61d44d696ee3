// Direction of a text: that of its first letter, as browsers find it for dir="auto".

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;

/** @param {string} text @returns {"rtl" | "ltr"} */
export function directionOf(text) {
  const [letter] = text.match(/\p{L}/u) ?? [""];
  return RIGHT_TO_LEFT.test(letter) ? "rtl" : "ltr";
}
