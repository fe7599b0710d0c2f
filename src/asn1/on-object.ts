/**
 * Base of a class that puts private fields on an object that there is already; copies of the object do not get them. Many times faster than an
 * entry in a WeakMap where most objects do not live long. Once on each object.
 */
export const OnObject = function (value: object) {
  return value;
} as unknown as new (value: object) => object;
