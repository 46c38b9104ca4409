/**
 * Telling applications of changes that they subscribed to: what a Subscription may say, which versions concern it, and their delivery. The queue is the store itself,
 * in the order of commits; a position in it is all that is written down.
 */
@NullMarked
package miroir.server.subscriptions;

import org.jspecify.annotations.NullMarked;
