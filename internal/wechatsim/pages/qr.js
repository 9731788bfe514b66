// The QR page's long poll: asks what became of the code, shows it, and leaves once the phone has confirmed.
(function () {
  "use strict";
  var box = document.getElementById("sign-in").dataset;
  var left = false; // one way off the page is enough: a second would bring the same code to the application twice
  var tips = { 408: "wx_default_tip", 404: "wx_after_scan", 403: "wx_after_cancel" };

  function show(code) {
    document.querySelectorAll(".js_status").forEach(function (tip) {
      tip.hidden = tip.id !== tips[code];
    });
  }

  // Inside a frame self_redirect says which window moves on; without it the frame does, if it may see the top window.
  function leave(address) {
    var target = window;
    if (window.top !== window && box.selfRedirect !== "true") {
      target = window.top;
      if (box.selfRedirect !== "false") {
        try {
          if (window.top.location.host) target = window;
        } catch (unreadable) { /* the top window is of another site */ }
      }
    }
    target.location = address;
  }

  function later(delay, last) {
    setTimeout(function () { poll(last); }, delay);
  }

  function poll(last) {
    fetch("/connect/l/qrconnect?f=json&uuid=" + box.uuid + (last ? "&last=" + last : "") + "&_=" + Date.now())
      .then(function (answer) { return answer.json(); })
      .then(function (answer) {
        if (left) return;
        switch (answer.wx_errcode) {
          case 405:
            return leave(box.redirect + (box.redirect.indexOf("?") < 0 ? "?" : "&") + "code=" + answer.wx_code + "&state=" + box.state);
          case 404:
            show(404);
            return later(100, 404);
          case 403:
            if (box.cancel) return leave(box.cancel);
            show(403);
            return later(2000, 403);
          case 408:
            return later(2000);
          default: // expired, or an error: start again with a new code
            window.location = box.restart;
        }
      })
      .catch(function () { if (!left) later(5000, last); });
  }

  document.addEventListener("submit", function () { left = true; });
  document.addEventListener("click", function (e) {
    if (e.target.closest("a[href^='/connect/wait']")) left = true;
  });

  if (document.querySelector("#sign-in .button")) later(100);
})();
