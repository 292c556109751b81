//contactsgen:feature core
//contactsgen:part server

package fake

// replaysKept is how many idempotency keys are remembered.
const replaysKept = 1024

// replays remembers answers by idempotency key.
type replays struct {
	answers map[string]Answer
	order   []string
}

// once performs a call, unless a call with its idempotency key was performed before: then it answers the same again.
func (r *replays) once(c *call, perform simulation) (Answer, error) {
	if c.route.Guard == nil {
		return perform(c)
	}
	v, ok := c.at(c.route.Guard.Idempotency)
	if !ok || text(v) == "" {
		return perform(c)
	}
	key := c.Operation + " " + text(v)
	if a, ok := r.answers[key]; ok {
		return a, nil
	}
	a, err := perform(c)
	if err != nil {
		return a, err
	}
	if r.answers == nil {
		r.answers = map[string]Answer{}
	}
	r.answers[key] = a
	r.order = append(r.order, key)
	if len(r.order) > replaysKept {
		delete(r.answers, r.order[0])
		r.order = append([]string(nil), r.order[1:]...)
	}
	return a, nil
}
