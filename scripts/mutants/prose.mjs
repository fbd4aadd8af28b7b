/**
 * Stryker's plugin, in JavaScript because Stryker loads it: text of several words is for people. Neither it nor what is
 * put into it is mutated: stories hold what messages say, and unit tests that did would break at each better word.
 */
export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'prose',
    value: { shouldIgnore: (path) => (isProse(path.node) || isNoProse(path) ? 'prose' : undefined) },
  },
];

function isProse(node) {
  if (node.type === 'StringLiteral') return node.value.includes(' ');
  return node.type === 'TemplateLiteral' && node.quasis.some(({ value }) => value.raw.includes(' '));
}

/** The empty text that is taken where prose would be. */
function isNoProse({ node, parent }) {
  const isEmpty = node.type === 'StringLiteral' && node.value === '';
  return (
    isEmpty &&
    parent.type === 'ConditionalExpression' &&
    (isProse(parent.consequent) || isProse(parent.alternate))
  );
}
