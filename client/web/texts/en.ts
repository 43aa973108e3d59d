/**
 * All texts of the page, but for the words of failures and notices, which are in `en_news.ts`.
 *
 * @module
 */

import { guaranteeText, peerStateText } from "../../../common/protocol/cluster_status.ts";
import { failureText, loginRefusedText, noticeText, refusalText, sentence } from "./en_news.ts";
import { count, counted } from "./plurals.ts";

/** THE table: a text that is missing fails the check of types. */
export const EN = {
  name: "Chat",
  title: (unread: number): string => unread > 0 ? `(${count(unread)}) Chat` : "Chat",
  failure: failureText,
  notice: noticeText,
  refusal: refusalText,
  newMessages: (messages: number): string => counted(messages, "new message", "new messages"),
  unread: (messages: number): string => counted(messages, "unread message", "unread messages"),

  login: {
    registerHeading: "Make an account",
    intro: "With a name and a password; a name that nobody has yet becomes a new account.",
    registerIntro: (name: string): string => `There is no ${name} yet. Make this account?`,
    name: "Name",
    password: "Password",
    repeat: "Password again",
    invitation: "Invitation",
    stays: "Stay logged in",
    staysHint: "Leave this out on a device that others use.",
    submit: "Log in",
    register: "Make account",
    busy: "One moment…",
    wait: (seconds: number): string => `Try again in ${count(seconds)} s`,
    other: "Another name",
  },
  problems: {
    missing: { name: "Type your name.", password: "Type a password.", old: "Type your present password." },
    differs: "The two passwords differ.",
    otherName: "This is not the name of your account.",
  },

  lists: {
    chats: "Chats",
    people: "People",
    search: "Search",
    find: "Find or start a chat",
    filter: "Filter by name",
    noChats: "No chats yet. Find somebody by name, or look into the list of people.",
    nobody: (text: string): string => `Nobody is called “${text}”.`,
    noPeople: "Nobody is here yet.",
    more: "Show more",
    first: "Back to the first",
    draft: "Draft:",
    gone: "gone",
    rowMenu: (name: string): string => `Menu of the chat with ${name}`,
    online: "online",
    offline: "offline",
    self: "you",
  },

  search: {
    label: "Search in your messages",
    within: (name: string): string => `in the chat with ${name}`,
    everywhere: "Search all chats",
    hint: "Finds messages in which every word begins like one of yours.",
    busy: "Searching…",
    nothing: (words: string): string => `Nothing found for “${words}”.`,
    found: (messages: number): string => `${counted(messages, "message", "messages")} found`,
    more: "Older ones",
    direction: (sender: string, recipient: string): string => `${sender} to ${recipient}`,
  },

  chat: {
    none: "Choose a chat",
    noneHint: "Find somebody on the left, or press Ctrl or Cmd K.",
    nobody: (name: string): string => `There is nobody called ${name}.`,
    gone: (name: string): string => `The account that was called ${name} is gone.`,
    back: "Back to the chats",
    history: "Messages",
    menu: "Menu of this chat",
    begins: (name: string): string => `This is where your chat with ${name} begins.`,
    beginsWithSelf: "Notes to yourself: only you see what you write here.",
    loading: "Loading messages…",
    older: "Loading older messages…",
    toBottom: "To the newest message",
    former: (name: string): string =>
      `This account is gone. Whoever is called ${name} now is somebody else; nothing you write here reaches them.`,
    composer: (name: string): string => `Message to ${name}`,
    placeholder: "Write a message",
    send: "Send",
    excess: (bytes: number): string => `${counted(bytes, "byte", "bytes")} too long`,
    excessNotKept: (bytes: number, bytesMax: number): string =>
      `${counted(bytes, "byte", "bytes")} too long. Over ${
        count(bytesMax)
      } bytes, a text is lost with a reload.`,
  },

  message: {
    menu: "Menu of this message",
    states: {
      queued: "waiting",
      held: "not sent",
      failed: "not sent",
      unread: "sent",
      delivered: "delivered",
      read: "read",
    },
    held: (name: string): string =>
      `Not sent: the account that this was meant for is gone. Whoever is called ${name} now is somebody else.`,
    failed: (reason: string): string => `Not sent: ${reason}`,
  },

  menu: {
    copy: "Copy text",
    details: "Details",
    deleteForBoth: "Delete for both",
    deleteForMe: "Delete for me",
    retry: "Try again",
    edit: "Edit",
    discard: "Discard",
    sendAnyway: "Send anyway",
    markRead: "Mark as read",
    searchHere: "Search in this chat",
    block: "Block this person",
    unblock: "Unblock this person",
    settings: "Settings",
    about: "About",
    keys: "Keys",
    logOut: "Log out",
    person: (name: string): string => `Your menu, ${name}`,
  },

  dialogs: {
    close: "Close",
    cancel: "Cancel",
    deleteForBoth: "Delete this message for both?",
    deleteForBothText: (name: string): string =>
      `It disappears here and at ${name}, on all devices, and cannot be brought back.`,
    deleteForMe: "Delete this message for you?",
    deleteForMeText: (name: string): string =>
      `It disappears on all your devices; ${name} keeps it. It cannot be brought back.`,
    delete: "Delete",
    logOut: "Log out?",
    logOutText: (messages: number): string =>
      messages === 1
        ? "One message was not sent yet. It is lost if you log out now."
        : `${count(messages)} messages were not sent yet. They are lost if you log out now.`,
    logOutNow: "Log out all the same",
    changePassword: "Change password",
    changePasswordText: "All other devices are logged out.",
    old: "Present password",
    next: "New password",
    repeat: "New password again",
    change: "Change",
    deleteAccount: "Delete account",
    deleteAccountText:
      "Your account goes, and every message from and to it, at the other ends as well. Nobody can bring it back.",
    accountName: "Name of the account",
    deleteNow: "Delete account for good",
  },

  details: {
    from: "From",
    to: "To",
    time: "Time",
    state: "State",
    copies: (copies: number, nodes: number): string =>
      `on ${count(copies)} of ${counted(nodes, "node", "nodes")}`,
    id: "Id",
    bytes: "Length",
    length: (bytes: number): string => counted(bytes, "byte", "bytes"),
  },

  settings: {
    notifications: "Notifications",
    notificationKinds: { off: "Off", withoutText: "Without the text", withText: "With the text" },
    forbidden: "The browser forbids them for this page; allow them in its settings first.",
    notificationsHint: "Only while you look at none of the tabs.",
    sending: "Writing",
    enterSends: "Enter sends a message",
    enterHint: "Shift Enter begins a line. Without this, Enter begins a line, and Ctrl Enter sends.",
    theme: "Theme",
    themes: { system: "As the system", light: "Light", dark: "Dark" },
    account: "Account",
    blocked: "People whom you block",
    loggedInAs: (name: string): string => `You are ${name}.`,
  },

  about: {
    node: "Node",
    cluster: "Cluster",
    nodes: "Nodes",
    guarantee: (state: Parameters<typeof guaranteeText>[0]): string => sentence(guaranteeText(state)),
    peer: peerStateText,
    here: "you are connected here",
    use: (node: string): string => `Go on with ${node}`,
    refresh: "Ask again",
    offline: "No connection to a node.",
    version: "Version of the page",
    server: "Version of the node",
    keys: "Show the keys",
    account: "You",
  },

  banner: {
    offline: "No connection.",
    waiting: (messages: number): string =>
      messages === 1 ? "1 message waits to be sent." : `${count(messages)} messages wait to be sent.`,
    tryNow: "Try now",
    tried: "Tried so far",
    added: (names: readonly string[]): string =>
      `${names.join(", ")} joined after this page was loaded. Load it again so that it can go on there.`,
    version: "A new version of this page is there.",
    reload: "Load again",
    refused: loginRefusedText,
    retry: "Try again now",
    copies: (copies: number, nodes: number): string => `Copies of a message now: ${copies} of ${nodes}`,
    alone: (node: string, reason: string): string => `${node} is alone: ${reason}`,
  },

  told: {
    dismiss: "Dismiss",
    copied: "Copied.",
    notCopied: "The browser does not let this page copy; select the text instead.",
    tooMuchToStore: (messages: number, drafts: number, bytes: number): string =>
      `${counted(messages, "message", "messages")} and ${counted(drafts, "draft", "drafts")}, each of ` +
      `${counted(bytes, "byte", "bytes")}, are the most`,
    storeFailed: (reason: string): string =>
      `The browser stores nothing more (${reason}): what waits to be sent is lost with this tab.`,
    said: (sender: string, text: string): string => `${sender}: ${text}`,
    saidElsewhere: (sender: string): string => `New message from ${sender}`,
  },

  keys: [
    ["Ctrl or Cmd K", "Find or start a chat"],
    ["Alt ↑ / Alt ↓", "Previous or next chat; with Shift: with unread messages"],
    ["Esc", "Close; back to the composer"],
    ["Ctrl or Cmd /", "These keys"],
    ["Enter, Shift Enter", "Send; a new line"],
    ["PageUp, PageDown", "Scroll the messages"],
    ["↑ in an empty composer", "To the newest message"],
    ["↑ ↓ Home End", "From message to message; Home asks for older ones"],
    ["Enter or Menu", "Menu of a message"],
    ["Delete", "Delete a message"],
    ["Ctrl or Cmd C", "Copy a message"],
  ],
} as const;
