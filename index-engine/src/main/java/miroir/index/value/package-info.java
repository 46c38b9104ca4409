/** What a value means to a search: folded text and its 3-grams, dates as intervals. Extraction, searches and stores all
 * compare through these, so that what is written and what is asked can never differ; nothing of ours is imported here but
 * the refusal. */
@NullMarked
package miroir.index.value;

import org.jspecify.annotations.NullMarked;
