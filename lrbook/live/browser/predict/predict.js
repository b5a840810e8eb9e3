// What the questions of a notebook share: `question_view.js` asks for `enliven`.
export { enliven } from "./question.js";

export default {};
