package wechatsim

import (
	"fmt"
	"strings"
)

// User is a person with a WeChat account.
type User struct {
	// ID names the person within the simulator; it never reaches an application. Made up if empty.
	ID string `json:"id"`
	// Nickname is freely chosen by its owner: empty, odd and duplicate ones included.
	Nickname string `json:"nickname"`
	// Sex is 1 (male), 2 (female) or 0; applications see it only with ProfilePre2021.
	Sex int `json:"sex"`
	// Province, City and Country reach applications only with ProfilePre2021.
	Province string `json:"province"`
	City     string `json:"city"`
	Country  string `json:"country"`
	// Language is zh_CN if empty.
	Language string `json:"language"`
	// AvatarVersion is the number of times the picture was changed. Addresses of earlier pictures answer 404.
	AvatarVersion int `json:"avatar_version"`
	// NoAvatar makes headimgurl empty.
	NoAvatar bool `json:"no_avatar,omitempty"`
	// Note says what is odd about the person, for whoever chooses on the phone.
	Note string `json:"note,omitempty"`
}

func (u User) withDefaults() User {
	if u.ID == "" {
		u.ID = "user-" + strings.ToLower(randomText(8, alphanumerics))
	}
	if u.Language == "" {
		u.Language = "zh_CN"
	}
	return u
}

// AddUser adds a person and returns it with what was filled in. ErrConflict if the id is taken.
func (s *Simulator) AddUser(user User) (User, error) {
	user = user.withDefaults()
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.users.get(user.ID); taken {
		return User{}, fmt.Errorf("user %s exists already: %w", user.ID, ErrConflict)
	}
	s.users.put(user.ID, user)
	return user, nil
}

// UpdateUser changes a person: a new nickname, a new picture. The id stays. ErrNotFound if absent.
func (s *Simulator) UpdateUser(id string, change func(*User)) (User, error) {
	s.editing.Lock()
	defer s.editing.Unlock()
	user, err := s.User(id)
	if err != nil {
		return User{}, err
	}
	change(&user)
	user.ID = id
	user = user.withDefaults()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users.put(id, user)
	return user, nil
}

// DeleteUser removes a person, whose tokens answer 50002 from then on. ErrNotFound if absent.
func (s *Simulator) DeleteUser(id string) error {
	s.editing.Lock()
	defer s.editing.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.users.remove(id) {
		return fmt.Errorf("user %s: %w", id, ErrNotFound)
	}
	return nil
}

// User is the person with this id. ErrNotFound if absent.
func (s *Simulator) User(id string) (User, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	user, ok := s.users.get(id)
	if !ok {
		return User{}, fmt.Errorf("user %s: %w", id, ErrNotFound)
	}
	return user, nil
}

// Users are all people, oldest first.
func (s *Simulator) Users() []User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.users.values()
}

// firstUsers are the people shown on a page.
func (s *Simulator) firstUsers() []User {
	const shown = 40
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.users.first(shown)
}

// People are the persons a simulator starts with: two ordinary ones, and one for each nickname that breaks
// something somewhere. Their notes are translated by id in pages/en.json and pages/zh.json.
func People() []User {
	return []User{
		{ID: "xiaoming", Nickname: "李小明", Sex: 1, Country: "CN", Province: "Guangdong", City: "Shenzhen"},
		{ID: "alice", Nickname: "Alice Martin", Sex: 2, Country: "FR", Province: "Rhône", City: "Lyon", Language: "en"},
		{ID: "emoji", Nickname: "🐼 熊猫 🎋👩‍👩‍👧‍👦"},
		{ID: "empty", Nickname: ""},
		{ID: "control", Nickname: "ding\x07dong\x14"},
		{ID: "rtl", Nickname: "safe\u202Egpj.exe"},
		{ID: "long", Nickname: strings.Repeat("长长的名字", 16) + "🎈"},
		{ID: "admin", Nickname: "admin"},
		{ID: "markup", Nickname: `<b onclick="x()">O'Neil & "Söhne"</b>`},
		{ID: "faceless", Nickname: "微信用户", NoAvatar: true},
	}
}
