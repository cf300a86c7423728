import type { GraphOut } from '@/api/schema'

/** The part of a graph that a person can take in: courses so few steps away that there are at most `most`, and at least one step. */
export function near(graph: GraphOut, most: number): GraphOut {
  const distances = graph.nodes.map(node => Math.abs(node.steps))
  const farthest = Math.max(0, ...distances)
  let steps = farthest
  while (steps > 1 && distances.filter(distance => distance <= steps).length > most) steps--
  const kept = new Set(graph.nodes.filter(node => Math.abs(node.steps) <= steps).map(node => node.code))
  return {
    nodes: graph.nodes.filter(node => kept.has(node.code)),
    edges: graph.edges.filter(edge => kept.has(edge.course) && kept.has(edge.requires)),
  }
}
