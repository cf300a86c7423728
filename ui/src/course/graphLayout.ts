import { Graph, layout } from '@dagrejs/dagre'
import type { GraphOut } from '@/api/schema'

/** Where a course stands, by its top left corner, and where the lines between courses go; in pixels. */
export interface Laid {
  width: number
  height: number
  nodes: { code: string, x: number, y: number }[]
  edges: { key: string, path: string, loose: boolean }[]
}

export const NODE = { width: 168, height: 92 }

/** Lay courses out from left to right, what is required before what requires it. */
export function laidOut(graph: GraphOut): Laid {
  const drawing = new Graph().setGraph({ rankdir: 'LR', nodesep: 16, ranksep: 44, marginx: 8, marginy: 8 }).setDefaultEdgeLabel(() => ({}))
  for (const { code } of graph.nodes) drawing.setNode(code, { ...NODE })
  for (const { course, requires } of graph.edges) drawing.setEdge(requires, course)
  const together = new Set(graph.edges.filter(edge => edge.timing === 'concurrent' || edge.timing === 'with').map(edge => `${edge.requires} ${edge.course}`))
  layout(drawing)
  const size = drawing.graph() as { width?: number, height?: number }
  return {
    width: size.width ?? 0,
    height: size.height ?? 0,
    nodes: graph.nodes.map(({ code }) => placed(code, drawing.node(code) as Point)),
    edges: drawing.edges().map(edge => ({
      key: `${edge.v} ${edge.w}`,
      path: pathOf((drawing.edge(edge) as { points: Point[] }).points),
      loose: together.has(`${edge.v} ${edge.w}`),
    })),
  }
}

interface Point { x: number, y: number }

function placed(code: string, { x, y }: Point) {
  return { code, x: x - NODE.width / 2, y: y - NODE.height / 2 }
}

function pathOf(points: readonly Point[]): string {
  return points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('')
}
