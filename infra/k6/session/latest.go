package session

// latest keeps the newest of all items that were added, up to a number.
type latest[Item any] struct {
	most  int
	ring  []Item
	total int64
}

func (l *latest[Item]) add(item Item) {
	if len(l.ring) < l.most {
		l.ring = append(l.ring, item)
	} else if l.most > 0 {
		l.ring[l.total%int64(l.most)] = item
	}
	l.total++
}

// items gives those that are kept, the newest last.
func (l *latest[Item]) items() []Item {
	if len(l.ring) < l.most || l.most == 0 {
		return append([]Item(nil), l.ring...)
	}
	oldest := l.total % int64(l.most)
	return append(append([]Item(nil), l.ring[oldest:]...), l.ring[:oldest]...)
}
