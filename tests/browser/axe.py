"""axe on a whole page: contrast is measured for each kind of text, not for each piece of it.

Most of axe's time goes into contrast, which it finds for each of a page's thousands of words and
tokens from the boxes that lie behind them. But contrast hangs on styles: on the text's own colour,
size and weight, and on the backgrounds and opacities of all that it stands in. Texts that have all
of these in common are of one kind, and three speak for their kind: the longest, the first, and the
one in the middle. What floats above others makes kinds of its own, since what lies behind it is a
matter of place. Where axe can't tell of any of the three (something else covers them, say), it is
asked for all of the kind.

Every element costs time, too. The tokens of code, half of all, are spans with a class and nothing
else, of which no other rule has anything to say: while axe runs, those that don't speak for a kind
are taken out, and their text stays where it is. The other rules see everything else.

Themes differ in colours, and in which of two pictures of a figure they show. So a page that all
rules have seen in one theme needs those of colours and pictures alone in the other.
"""

from axe_playwright_python.base import AXE_SCRIPT

OF_THEMES = ["color-contrast", "link-in-text-block", "image-alt", "role-img-alt", "svg-img-alt"]
_RUN = """async (rules) => {
    const numbers = new Map(), known = new Map();
    const number = (...parts) => {
        const key = parts.join("|");
        if (!numbers.has(key)) numbers.set(key, numbers.size);
        return numbers.get(key);
    };
    // All that an element has, or stands in, and can lie behind its texts or change them.
    const behind = (element) => {
        if (!element) return -1;
        if (!known.has(element)) {
            const style = getComputedStyle(element);
            const floats = !["static", "relative"].includes(style.position);
            const alone = floats || element.matches("label, :disabled, [aria-disabled=true]");
            known.set(element, number(
                behind(element.parentElement), style.backgroundColor, style.backgroundImage,
                style.opacity, style.mixBlendMode, style.filter, style.zIndex, style.position,
                element.ariaHidden, element.inert, alone ? known.size : "",
            ));
        }
        return known.get(element);
    };

    const kinds = new Map();
    for (const element of document.body.querySelectorAll("*")) {
        const length = [...element.childNodes]
            .filter((node) => node.nodeType === Node.TEXT_NODE)
            .reduce((sum, node) => sum + node.data.trim().length, 0);
        const field = element.matches("input, select, textarea"); // whose text is no node
        if (!(length || field) || !element.checkVisibility({ visibilityProperty: true })) continue;
        const style = getComputedStyle(element);
        const kind = field ? element : number(
            "text", behind(element), style.color, style.webkitTextFillColor, style.fontSize,
            style.fontWeight, style.textShadow, style.webkitTextStroke,
        );
        if (!kinds.has(kind)) kinds.set(kind, []);
        kinds.get(kind).push({ element, length });
    }
    const all = [...kinds.values()].map((kind, i) => {
        const longest = kind.reduce((one, other) => other.length > one.length ? other : one);
        const speakers = new Set([longest, kind[0], kind[kind.length >> 1]]);
        for (const { element } of speakers) element.dataset.contrast = i;
        return { elements: kind.map(({ element }) => element), speakers: speakers.size };
    });

    const slim = [...document.querySelectorAll("pre")].map((pre) => {
        const other = pre.cloneNode(true);
        for (const token of other.querySelectorAll("span"))
            if (token.getAttributeNames().every((name) => name === "class")
                && !token.querySelector("[data-contrast]")) token.replaceWith(...token.childNodes);
        other.normalize();
        pre.replaceWith(other);
        return [pre, other];
    });
    axe.configure({ rules: [{ id: "color-contrast", selector: "[data-contrast]" }] });
    const options = { resultTypes: ["violations", "incomplete"], elementRef: true };
    if (rules) options.runOnly = rules;
    const { violations, incomplete } = await axe.run(options);
    slim.forEach(([pre, other]) => other.replaceWith(pre));

    // It never can tell where a text is a letter alone, or lies on a picture.
    const never = ["shortTextContent", "imgNode"];
    const untold = Map.groupBy(
        incomplete.filter(({ id }) => id === "color-contrast").flatMap(({ nodes }) => nodes),
        ({ element }) => Number(element.dataset.contrast),
    );
    const more = all.filter(({ elements, speakers }, i) =>
        elements.length > speakers && untold.get(i)?.length === speakers
        && untold.get(i).some(({ any }) => !never.includes(any[0].data?.messageKey)));
    document.querySelectorAll("[data-contrast]").forEach((e) => delete e.dataset.contrast);
    for (const { elements } of more) for (const element of elements) element.dataset.contrast = "";
    if (more.length)
        violations.push(...(await axe.run({ ...options, runOnly: ["color-contrast"] })).violations);
    return violations.flatMap(({ id, impact, nodes }) =>
        nodes.map(({ html, any }) => ({ id, impact, html, why: any[0]?.message ?? "" })));
}"""


def run(page, rules=None):
    """Return what axe finds wrong on a page, by all its rules or some.

    Returns
    -------
    list of dict
        Of an element each: the rule's ``id`` and ``impact``, the element's ``html``, and ``why``.
    """
    page.evaluate(AXE_SCRIPT)
    return page.evaluate(_RUN, rules)
