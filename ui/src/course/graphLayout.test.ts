import { describe, expect, it } from 'vitest'
import type { GraphOut } from '@/api/schema'
import { laidOut, NODE } from './graphLayout'
import { near } from './near'

const node = (code: string, steps: number) => ({ code, id: code, title: code, title_en: null, steps })
const graph: GraphOut = {
  nodes: [node('A', -2), node('B', -1), node('C', -1), node('D', 0), node('E', 1)],
  edges: [
    { course: 'B', requires: 'A', timing: null }, { course: 'C', requires: 'A', timing: null }, { course: 'D', requires: 'B', timing: null },
    { course: 'D', requires: 'C', timing: null }, { course: 'D', requires: 'C', timing: 'concurrent' }, { course: 'E', requires: 'D', timing: 'with' },
  ],
}

describe('the drawing of a requisite graph', () => {
  it('has what is required to the left of what requires it', () => {
    const at = new Map(laidOut(graph).nodes.map(one => [one.code, one.x]))

    for (const { course, requires } of graph.edges) expect(at.get(requires)).toBeLessThan(at.get(course) ?? 0)
  })

  it('lays no course over another, and none outside', () => {
    const { nodes, width, height } = laidOut(graph)

    for (const [index, one] of nodes.entries()) {
      expect([one.x >= 0, one.y >= 0, one.x + NODE.width <= width, one.y + NODE.height <= height]).toEqual([true, true, true, true])
      for (const other of nodes.slice(index + 1)) expect(Math.abs(one.x - other.x) >= NODE.width || Math.abs(one.y - other.y) >= NODE.height).toBe(true)
    }
  })

  it('draws one line between two courses, and tells apart those that may be taken at the same time', () => {
    expect(laidOut(graph).edges.map(edge => [edge.key, edge.loose]).sort()).toEqual([
      ['A B', false], ['A C', false], ['B D', false], ['C D', true], ['D E', true],
    ])
  })

  it('shows only what is near where there would be too much', () => {
    expect(near(graph, 5).nodes).toHaveLength(5)
    expect(near(graph, 4).nodes.map(one => one.code)).toEqual(['B', 'C', 'D', 'E'])
    expect(near(graph, 4).edges.some(edge => edge.requires === 'A')).toBe(false)
    expect(near(graph, 1).nodes).toHaveLength(4)
  })

  it('of a course that stands alone has one place', () => {
    expect(laidOut({ nodes: [node('A', 0)], edges: [] }).nodes).toHaveLength(1)
  })
})
