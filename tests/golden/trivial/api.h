int trivial_add(int a, int b);
