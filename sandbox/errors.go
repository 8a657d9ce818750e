package sandbox

import (
	"fmt"
	"net/http"
)

// apiError is a refusal in Discord's own form.
type apiError struct {
	Status  int    `json:"-"`
	Code    int    `json:"code"`
	Message string `json:"message"`
	Errors  *spot  `json:"errors,omitempty"`
}

func (e *apiError) Error() string {
	if e.Errors != nil {
		return fmt.Sprintf("%d %s (%s)", e.Code, e.Message, e.Errors.first(""))
	}
	return fmt.Sprintf("%d %s", e.Code, e.Message)
}

// refuse makes the documented error of a code; those not listed have no wording of their own.
func refuse(code int) error {
	status, text := http.StatusBadRequest, "Bad Request"
	switch code {
	case 10002:
		status, text = http.StatusNotFound, "Unknown Application"
	case 10003:
		status, text = http.StatusNotFound, "Unknown Channel"
	case 10004:
		status, text = http.StatusNotFound, "Unknown Guild"
	case 10007:
		status, text = http.StatusNotFound, "Unknown Member"
	case 10008:
		status, text = http.StatusNotFound, "Unknown Message"
	case 10013:
		status, text = http.StatusNotFound, "Unknown User"
	case 10015:
		status, text = http.StatusNotFound, "Unknown Webhook"
	case 10062:
		status, text = http.StatusNotFound, "Unknown interaction"
	case 10063:
		status, text = http.StatusNotFound, "Unknown application command"
	case 20012:
		status, text = http.StatusForbidden, "You are not authorized to perform this action on this application"
	case 30015:
		text = "Maximum number of attachments in a message reached (10)"
	case 30032:
		text = "Maximum number of application commands reached"
	case 30034:
		text = "Max number of daily application command creates has been reached (200)"
	case 40005:
		status, text = http.StatusRequestEntityTooLarge, "Request entity too large"
	case 40060:
		text = "Interaction has already been acknowledged."
	case 40094:
		text = "This interaction has reached the maximum number of follow-up messages"
	case 50001:
		status, text = http.StatusForbidden, "Missing Access"
	case 50005:
		status, text = http.StatusForbidden, "Cannot edit a message authored by another user"
	case 50006:
		text = "Cannot send an empty message"
	case 50007:
		status, text = http.StatusForbidden, "Cannot send messages to this user"
	case 50013:
		status, text = http.StatusForbidden, "Missing Permissions"
	case 50027:
		status, text = http.StatusUnauthorized, "Invalid Webhook Token"
	case 50041:
		text = "Invalid API version provided"
	case 50068:
		text = "Invalid message type"
	case 50109:
		text = "The request body contains invalid JSON."
	}
	return &apiError{Status: status, Code: code, Message: text}
}

func unauthorised() error {
	return &apiError{Status: http.StatusUnauthorized, Message: "401: Unauthorized"}
}

func noRoute() error {
	return &apiError{Status: http.StatusNotFound, Message: "404: Not Found"}
}

func wrongMethod() error {
	return &apiError{Status: http.StatusMethodNotAllowed, Message: "405: Method Not Allowed"}
}

// controlError refuses a request to the control routes; Field names what to mend.
type controlError struct {
	Status int    `json:"-"`
	Words  string `json:"error"`
	Field  string `json:"field,omitempty"`
}

func (e *controlError) Error() string { return e.Words }

func wrong(field, format string, args ...any) error {
	return &controlError{Status: http.StatusBadRequest, Words: fmt.Sprintf(format, args...), Field: field}
}

func missing(field, format string, args ...any) error {
	return &controlError{Status: http.StatusNotFound, Words: fmt.Sprintf(format, args...), Field: field}
}
