/**
 * Seeds that the search for a planted fault begins with, where the first that finds it is far from 1.
 *
 * A change of the simulator may take a seed its point. The search then begins at 1, and its test prints what it has
 * found: the new seed belongs here.
 *
 * @module
 */

/** A seed by the name of a planted fault. */
export const FIRST_SEEDS: Readonly<Record<string, number>> = {
  "checksums are not looked at": 18,
  "names are erased that are not forgotten": 14,
  "the fingerprint is lost when the deletion comes before the message": 7,
  "every password fits": 11,
  "an act of an operator is acknowledged before it is synced": 369,
  "replies that have waited leave much later": 73,
  "a name is given without asking others": 101,
  "one node does not fold that a name is forgotten, and logs it as it came": 14,
  "an account that a node has not heard of counts as gone": 24,
  "fingerprints are kept after their 30 days": 18,
  "fingerprints are recognised after their 30 days": 18,
  "the 30 days of a fingerprint count from the stamp of the deletion": 61,
  "a message has the time of the clock, whatever was shown to its sender": 28,
  "an archive does not find the oldest message of a page": 41,
  "an archive does not tell that there is more": 274,
  "an archive does not find messages to its owner": 41,
  "an archive gets ahead of what is synced": 86,
  "an archive drops the hiding of a message that it has": 41,
  "an archive keeps the content of a deleted message": 41,
  "an archive keeps the messages of a deleted account": 111,
  "an unsettled message leaves memory": 56,
  "a mark on a message that has left memory is dropped": 86,
  "ids of messages that have left memory seem to be new": 56,
  "a message that comes again is not brought back": 414,
  "tombstones leave memory before the log is compacted": 86,
  "a start from the archive forgets an unread message": 56,
  "a start from the archive takes a tombstone for a message": 56,
  "a start from the archive forgets the tombstones of what the log still has": 56,
  "a start from the archive forgets the marks on messages that have not arrived": 414,
  "a mark that a start has loaded is lost when its message arrives": 500,
  "a start from the archive does not know how new its messages are": 86,
  "a start from the archive forgets keys of fingerprints": 100,
  "a start from the archive counts what was read": 56,
  "a start from the archive counts what was hidden": 86,
  "a start from the archive forgets conversations without unread messages": 56,
  "a start from the archive forgets logins": 56,
  "a start from the archive takes the ids of the archive for new ones": 56,
  "a start from the archive takes unknown last messages for none": 86,
  "the replay behind the archive accepts an archived message a second time": 185,
  "the replay behind the archive brings a message back without its marks": 185,
  "the archive that a start loads is ahead of what is synced": 158,
  "a start loads an archive of another version": 121,
  "the rest of the log is served without having been verified": 86,
  "the start after damage was found in the rest of the log does not verify it first": 111,
  "a query gets the answer of the one before": 41,
  "a writer goes on with the archive of another log": 158,
  "an archive is told of nothing behind its first entries": 41,
};
