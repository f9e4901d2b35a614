/* Passkeys: hands the page's data to allauth's own script and shows the buttons that need it. */
"use strict";

const ways = { login: "loginForm", authenticate: "authenticateForm", add: "addForm" };

for (const data of document.querySelectorAll("script[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  const way = data.dataset.passkey;
  const options = JSON.parse(data.textContent);
  document.getElementById(options.ids[way]).hidden = false;
  window.allauth.webauthn.forms[ways[way]](options);
}

// The person closed the device's window, or the device has no passkey for this site: say so on the page.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const problem = document.getElementById("passkey-problem");
  if (problem) problem.hidden = false;
});
