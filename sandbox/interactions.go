package sandbox

import (
	"crypto/rand"
	"time"
)

// Interaction and callback types, by Discord's numbers.
const (
	interactionCommand      = 2
	interactionComponent    = 3
	interactionAutocomplete = 4
	interactionModal        = 5

	answerMessage        = 4
	answerDeferred       = 5
	answerDeferredUpdate = 6
	answerUpdate         = 7
	answerChoices        = 8
	answerModal          = 9
)

// The deadlines of interactions, in real time.
const (
	answerWithin = 3 * time.Second
	tokenLife    = 15 * time.Minute
	// secondThought is how long a refused answer may be mended before it counts as rejected.
	secondThought = time.Second
)

// interaction is what one member did and what became of it. The sandbox's lock guards it.
type interaction struct {
	id, token   string
	kind        int
	made        time.Time
	guild       string
	channel     string
	user        string
	name        string
	focused     int    // type of the option that is being completed
	source      string // the message whose component was used
	answered    int
	original    string // the message that @original stands for
	loading     bool
	followups   int
	lastMessage string
	acked, done time.Time
	modal       map[string]any
	choices     []any
	reason      string
	refusedAt   time.Time
	deleted     bool
	form        openModal // the modal that was sent
	unreached   bool      // nobody was there to take it
	owners      map[string]any
	personal    bool // only the member himself has the application here
	hushed      bool // every answer is for that member alone
	// changed is closed and replaced whenever anything above changes.
	changed chan struct{}
}

func (i *interaction) touch() {
	close(i.changed)
	i.changed = make(chan struct{})
}

func (i *interaction) mark() *interactionMark {
	return &interactionMark{ID: i.id, Type: i.kind, User: i.user, Name: i.name, Personal: i.personal}
}

// openModal is a modal on a member's screen.
type openModal struct {
	from *interaction
	data map[string]any
}

// pending holds the interactions whose tokens still live, and the open modals.
type pending struct {
	byID    map[string]*interaction
	byToken map[string]*interaction
	modals  map[string]openModal // by member and custom_id
	swept   time.Time
}

func newPending() *pending {
	return &pending{byID: map[string]*interaction{}, byToken: map[string]*interaction{}, modals: map[string]openModal{}}
}

// sweepEvery is how often interactions whose tokens have died are forgotten.
const sweepEvery = time.Minute

func (p *pending) add(i *interaction) {
	if time.Since(p.swept) > sweepEvery {
		p.swept = time.Now()
		p.sweep()
	}
	i.token = "aW50ZXJhY3Rpb246" + rand.Text() + rand.Text() + rand.Text()
	i.made, i.changed = time.Now(), make(chan struct{})
	p.byID[i.id], p.byToken[i.token] = i, i
}

// sweep forgets interactions well after their tokens died, so that those get the error of
// an expired token and not of an unknown one for a while.
func (p *pending) sweep() {
	for id, i := range p.byID {
		if time.Since(i.made) > 2*tokenLife {
			delete(p.byID, id)
			delete(p.byToken, i.token)
		}
	}
	for key, m := range p.modals {
		if time.Since(m.from.made) > 2*tokenLife {
			delete(p.modals, key)
		}
	}
}

// shut takes the modal that was answered off the member's screen, unless another one stands
// in its place by now.
func (p *pending) shut(i *interaction) {
	if i.form.from == nil {
		return
	}
	key := modalKey(i.user, textOf(i.form.data["custom_id"]))
	if p.modals[key].from == i.form.from {
		delete(p.modals, key)
	}
}

func modalKey(user, customID string) string { return user + " " + customID }

// callbackFits says whether an interaction may be answered in this way.
func (i *interaction) callbackFits(kind int) bool {
	switch i.kind {
	case interactionAutocomplete:
		return kind == answerChoices
	case interactionComponent:
		return kind >= answerMessage && kind <= answerModal && kind != answerChoices
	case interactionModal:
		return kind == answerMessage || kind == answerDeferred ||
			i.source != "" && (kind == answerUpdate || kind == answerDeferredUpdate)
	}
	return kind == answerMessage || kind == answerDeferred || kind == answerModal
}
