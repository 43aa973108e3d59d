/**
 * The service worker of the page.
 *
 * @module
 */

addEventListener("install", () => {});
