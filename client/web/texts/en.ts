/**
 * All texts of the page.
 *
 * @module
 */

/** The texts in English. */
export const EN = {
  title: "Chat",
};
