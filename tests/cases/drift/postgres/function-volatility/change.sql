alter function one() immutable;
