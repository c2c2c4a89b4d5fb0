package session

// queue is a first-in-first-out list that reuses its memory.
type queue[Item any] struct {
	items []Item
	head  int
}

func (q *queue[Item]) length() int { return len(q.items) - q.head }

func (q *queue[Item]) push(item Item) { q.items = append(q.items, item) }

// front is the oldest item; the queue must not be empty.
func (q *queue[Item]) front() *Item { return &q.items[q.head] }

func (q *queue[Item]) pop() Item {
	item := q.items[q.head]
	var empty Item
	q.items[q.head] = empty
	q.head++
	if q.head > 1024 && q.head*2 > len(q.items) {
		q.items = q.items[:copy(q.items, q.items[q.head:])]
		q.head = 0
	}
	return item
}
