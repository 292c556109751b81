//contactsgen:feature core
//contactsgen:part transport

package client

import (
	"errors"
	"io"
	"sync"
)

var errReadAgain = errors.New("this try of the request is over")

// readers is a body that is read as it is sent: it need not fit into memory.
type readers struct {
	media  string // "" is the operation's
	pieces []uploadPiece
	length int64 // of all pieces; -1 is not known
	again  bool  // every piece can be read again

	mu   sync.Mutex
	last *uploadReading
}

// streamed is the body that a caller's reader holds; nil when there is none.
func streamed(r io.Reader) uploadBody {
	if r == nil {
		return nil
	}
	return newReaders("", r)
}

// uploadPiece is a part of an upload. One that can seek is read from where it stood, as far as it went then.
type uploadPiece struct {
	io.Reader
	seeker io.Seeker // nil: it is read once
	from   int64
	size   int64
}

// newReaders makes a body of readers, one after the other.
func newReaders(media string, list ...io.Reader) *readers {
	u := &readers{media: media, again: true}
	for _, r := range list {
		p := pieceOf(r)
		u.pieces = append(u.pieces, p)
		u.length += p.size
		u.again = u.again && p.seeker != nil
	}
	if !u.again {
		u.length = -1
	}
	return u
}

// pieceOf finds out whether a reader can be read again: a file can, a pipe that is called one cannot.
func pieceOf(r io.Reader) uploadPiece {
	s, ok := r.(io.Seeker)
	if !ok {
		return uploadPiece{Reader: r}
	}
	from, err := s.Seek(0, io.SeekCurrent)
	if err != nil {
		return uploadPiece{Reader: r}
	}
	end, err := s.Seek(0, io.SeekEnd)
	if err != nil || end < from {
		return uploadPiece{Reader: r}
	}
	if _, err := s.Seek(from, io.SeekStart); err != nil {
		return uploadPiece{Reader: r}
	}
	return uploadPiece{Reader: r, seeker: s, from: from, size: end - from}
}

func (*readers) check() error { return nil }

func (u *readers) mediaType() string { return u.media }

func (u *readers) size() int64 { return u.length }

func (u *readers) replayable() bool { return u.again }

// open begins to read, for one try. What an earlier one still reads ends there: two readers of one file would mix it up.
func (u *readers) open() io.ReadCloser {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.last != nil {
		_ = u.last.Close() // it cannot fail
	}
	u.last = &uploadReading{}
	list := make([]io.Reader, len(u.pieces))
	for i, p := range u.pieces {
		list[i] = p.Reader
		if p.seeker == nil {
			continue
		}
		list[i] = io.LimitReader(p.Reader, p.size)
		if _, err := p.seeker.Seek(p.from, io.SeekStart); err != nil {
			u.last.err = err
		}
	}
	u.last.r = io.MultiReader(list...)
	return u.last
}

// uploadReading is an upload on its way in one try. The readers in it are the caller's, who closes them.
type uploadReading struct {
	mu  sync.Mutex
	r   io.Reader
	err error
}

func (r *uploadReading) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return 0, r.err
	}
	return r.r.Read(p)
}

// Close ends the reading.
func (r *uploadReading) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err = errReadAgain
	return nil
}
