// From shares of a text to shares of its bar and back.

/** The share of the bar at which a share of the text stands: a recording is drawn in minutes. */
export function fromText(row, share) {
  return row.minutes ? between([[0, 0], ...row.points, [1, row.minutes * 60]], share) / (row.minutes * 60) : share;
}

/** The share of the text at which a share of the bar stands. */
export function toText(row, share) {
  const points = [[0, 0], ...row.points, [1, row.minutes * 60]].map(([place, seconds]) => [seconds, place]);
  return row.minutes ? between(points, share * row.minutes * 60) : share;
}

/** Interpolate in a line of rising points. */
function between(points, x) {
  const next = points.findIndex(([at]) => at >= x);
  if (next < 1) return points.at(next)[1];
  const [[a, from], [b, to]] = [points[next - 1], points[next]];
  return b > a ? from + ((x - a) / (b - a)) * (to - from) : to;
}
