/** The price book of this repository. Not for the report's page, which gets the book as data: reading it needs zod. */

import { type PriceBook, priceBook } from './book.ts';
import book from './prices.json' with { type: 'json' };

export const usualBook: PriceBook = priceBook.parse(book);
