// Shows the Hub's API description; a session cookie or a token given under "Authorize" is used by "Try it out".
SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#description",
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  persistAuthorization: false,
  validatorUrl: null,
  withCredentials: true,
});
