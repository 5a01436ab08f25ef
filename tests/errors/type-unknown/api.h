int f(int a);
_BitInt(17) g(_BitInt(17) a);
